import { computed, signal } from '@preact/signals';
import { about } from '../server/about.js';
import type { ProtocolName, Target } from './item.js';
import { endpointsOf, protocolNames } from './protocols.js';

/** What was chosen: a protocol, and what each protocol is told. */
interface Chosen {
  readonly protocol: ProtocolName;
  readonly values: Readonly<Partial<Record<ProtocolName, Target['values']>>>;
}

const place = 'longshore.target';
const first: Chosen = { protocol: 'tus', values: {} };

const remembered = (): Chosen => {
  try {
    const kept: Partial<Chosen> = JSON.parse(localStorage.getItem(place) ?? '{}');
    const protocol = protocolNames.find((name) => name === kept.protocol) ?? first.protocol;
    return { protocol, values: kept.values ?? {} };
  } catch {
    return first;
  }
};

const chosen = signal<Chosen>(remembered());

const remember = (next: Chosen): void => {
  chosen.value = next;
  try {
    localStorage.setItem(place, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing begins with tus next time.
  }
};

/** The protocols that can be spoken from this page. */
export const offered = computed(() => {
  const endpoints = endpointsOf(about.value, new URL(location.href));
  return protocolNames.filter((name) => endpoints[name] !== undefined);
});

/** Where new uploads go. */
export const target = computed((): Target => {
  const { protocol, values } = chosen.value;
  const name = offered.value.includes(protocol) ? protocol : (offered.value[0] ?? protocol);
  return { protocol: name, values: values[name] ?? {} };
});

/** Has new uploads go by another protocol, and remembers it. */
export const chooseProtocol = (protocol: ProtocolName): void => remember({ ...chosen.value, protocol });

/** Tells the protocol something beside the file, and remembers it. */
export const tell = (name: string, value: string): void => {
  const { protocol, values } = target.value;
  remember({ protocol, values: { ...chosen.value.values, [protocol]: { ...values, [name]: value } } });
};
