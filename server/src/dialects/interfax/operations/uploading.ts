import type { Staged } from '../../../engine/verbs.js';
import { bytes, flag, int, optional, text } from '../../../wire/soap/index.js';
import { codes, no } from '../codes.js';
import { answering, answeringInt, credentials, operation } from '../operation.js';
import { type Received, receive } from '../receiving.js';

export const StartFileUpload = operation({
  doc: 'Begins an upload session and answers its id, which is needed for its chunks and for the fax.',
  params: { ...credentials, SessionID: text({ doc: 'Not read; the answer has it.' }) },
  result: { StartFileUploadResult: int(), SessionID: optional(text()) },
  run: ({ Username, Password }, context) =>
    answering<{ StartFileUploadResult: number; SessionID?: string }>(
      context,
      async () => {
        const caller = await context.admit({ Username, Password });
        return { StartFileUploadResult: codes.done, SessionID: await context.sessions.open(caller, context.from) };
      },
      (code) => ({ StartFileUploadResult: code }),
    ),
});

/** Judged are the session, the chunk's being there, its size, and the session's, in this order (specs/interfax.md §2.2). */
export const UploadFileChunk = answeringInt({
  doc: 'Adds a chunk to a session and answers how many bytes it has by now.',
  params: {
    SessionID: text(),
    Chunk: bytes({ doc: '1 to 3145728 bytes.' }),
    IsLast: flag({ doc: 'Whether the session is complete with this chunk.' }),
  },
  receive: ({ SessionID }, context, source): Promise<Received> =>
    receive(context, source, async () => {
      const session = SessionID === undefined ? undefined : await context.sessions.needOpen(SessionID);
      return { limit: context.options.maxChunk, ...(session && { upload: session.id }) };
    }),
  run: async ({ SessionID, Chunk, IsLast }, { sessions }) => {
    const session = await sessions.needOpen(SessionID);
    if (!Chunk) throw no('noChunk');
    return sessions.append(session, stagedOf(Chunk), IsLast);
  },
});

const stagedOf = (received: Received): Staged => {
  if ('refused' in received) throw received.refused;
  return received.staged;
};

export const CancelFileUpload = answeringInt({
  doc: 'Ends a session and drops its bytes. Not needed when an upload is complete.',
  params: { SessionID: text() },
  run: async ({ SessionID }, { sessions }) => {
    // Told no session, the vendor's says that all is well; clients that misspell the parameter depend on it (§2.3).
    if (SessionID.trim() !== '') await sessions.cancel(SessionID);
    return codes.done;
  },
});
