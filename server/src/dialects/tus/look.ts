import { idOf, needAlive, type Operation } from './context.js';
import { catchUp } from './finish.js';
import { describe } from './messages.js';

/** `HEAD`: how far an upload is. A client that comes back gets the upload from its own dead connection by asking. */
export const look: Operation = async (exchange, caller, context) => {
  const id = idOf(exchange);
  const before = await needAlive(context, id, caller);
  const settled = before.state === 'open' ? await context.host.engine.look(id, { settle: true }) : before;
  const upload = await catchUp(context, settled);
  return { status: 200, headers: { 'cache-control': 'no-store', ...describe(upload) } };
};
