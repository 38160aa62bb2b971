import { type Showing, textIn } from '../../showing.js';
import type { Parts } from '../context.js';
import { largestInput } from '../inputs/storing.js';
import { openTasks } from './tasks.js';

/** What is told of uploads to API2Convert, and of its jobs. */
export const showing = (parts: Parts): Showing => ({
  name: ({ metadata }) => textIn(metadata, 'name'),
  intake: async (account) => ({ maxSize: largestInput(parts, account), endings: null }),
  tasks: openTasks(parts),
});
