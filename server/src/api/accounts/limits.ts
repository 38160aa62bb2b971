import { type Operation, operation } from '../operation.js';
import { Limits } from '../shapes/index.js';

/** What an account may send. */
export const limitsOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/limits',
      tag: 'accounts',
      summary: 'What would be refused of the asker before a byte of it is read: by size, quota, room and protocol.',
      answer: Limits,
    },
    async ({ host: { quota, shown }, caller: { account } }) => {
      const dialects: Limits['dialects'] = {};
      for (const { dialect, showing } of shown) {
        const { maxSize = null, endings = null } = (await showing.intake?.(account)) ?? {};
        dialects[dialect.name] = { maxSize, endings: endings === null ? null : [...endings] };
      }
      return { maxSize: quota.largestFile(account), free: await quota.free(account), dialects };
    },
  ),
];
