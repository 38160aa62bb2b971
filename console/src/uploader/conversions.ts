import { signal } from '@preact/signals';

/** What the server can convert files to, by category, each as `image/webp`. */
export const conversions = signal<readonly { readonly category: string; readonly targets: readonly string[] }[]>([]);

interface Listed {
  readonly category: string;
  readonly target: string;
}

const isListed = (value: unknown): value is Listed =>
  typeof value === 'object' && value !== null && 'category' in value && 'target' in value;

/** Groups what the server lists. */
export const byCategory = (listed: readonly Listed[]) => {
  const found = new Map<string, Set<string>>();
  for (const { category, target } of listed) {
    const targets = found.get(category) ?? new Set();
    found.set(category, targets.add(target));
  }
  return [...found]
    .map(([category, targets]) => ({ category, targets: [...targets].sort() }))
    .sort((a, b) => a.category.localeCompare(b.category));
};

/** Pages of the server's list, at most. */
const pages = 20;

/** Asks the API2Convert service at `endpoint` what it can convert to. Rejects where it does not answer. */
export const findConversions = async (endpoint: string): Promise<void> => {
  const listed: Listed[] = [];
  for (let page = 1; page <= pages; page += 1) {
    const answer = await fetch(`${endpoint}/conversions?page=${page}`, { credentials: 'omit' });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const some: unknown = await answer.json();
    if (!Array.isArray(some) || some.length === 0) break;
    listed.push(...some.filter(isListed));
  }
  conversions.value = byCategory(listed);
};
