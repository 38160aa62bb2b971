import { element, type XmlOut, type XmlOutElement, xmlText } from '../xml/writer.js';
import { nameOf } from './objects.js';
import type { Operation } from './operation.js';
import type { ServiceTable } from './service.js';
import type { AnyType } from './types.js';

const typeName = (type: AnyType): string =>
  type.shape.kind === 'choice' ? type.shape.choices.join(' | ') : nameOf(type);

const parameters = ({ params }: Operation<never>): XmlOutElement[] => {
  const rows = Object.entries(params).map(([name, type]) =>
    element(
      'tr',
      {},
      element('td', {}, element('code', {}, name)),
      element('td', {}, typeName(type)),
      element('td', {}, type.doc),
    ),
  );
  const heads = ['Parameter', 'Type', 'What it is'].map((head) => element('th', {}, head));
  return rows.length === 0
    ? [element('p', {}, 'No parameters.')]
    : [element('table', {}, element('tr', {}, ...heads), ...rows)];
};

const described = (name: string, operation: Operation<never>): XmlOut[] => [
  element('h2', { id: name }, name),
  element('p', {}, operation.doc),
  ...parameters(operation),
];

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}';

/** A page for people: what the service is, and its operations, or the one called `only`. */
export const helpPage = (spec: ServiceTable, wsdl: string, only?: string): string => {
  const all = Object.entries(spec.operations);
  const found = all.filter(([name]) => name.toLowerCase() === only?.toLowerCase());
  const shown = found.length > 0 ? found : all;
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('title', {}, spec.name),
      element('style', {}, style),
    ),
    element(
      'body',
      {},
      element('h1', {}, spec.name),
      ...(spec.doc === undefined ? [] : [element('p', {}, spec.doc)]),
      element('p', {}, element('a', { href: wsdl }, 'Service description (WSDL)')),
      ...shown.flatMap(([name, operation]) => described(name, operation)),
    ),
  );
  return `<!DOCTYPE html>${xmlText(page)}`;
};
