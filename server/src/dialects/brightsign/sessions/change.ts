import { Refusal } from '../../../engine/refusals.js';
import type { Asker } from '../asker.js';
import { type FileSaid, type PageSaid, sessionFacts, toMetadata } from '../facts.js';
import { malformed } from '../parameters.js';
import { changeFile } from '../uploads/change.js';
import { pairUp } from './complete.js';
import { needSession, type Session } from './session.js';

/** Is anything said of a file? */
const isSaid = ({ facts, thumb }: FileSaid): boolean => thumb !== undefined || Object.keys(facts).length > 0;

/**
 * Overrules what was said of an open session, which goes on as it was. Refuses what the caller may not do, and `malformed`,
 * `size-conflict`, `not-open`, `no-such-group`.
 */
export const changeSession = async (asker: Asker, said: PageSaid): Promise<Session> => {
  const { host, caller } = asker;
  caller.need('upload');
  if (!said.sessionToken) throw malformed('The session token must not be empty.');
  const { group, page, assets } = await needSession(asker, said.sessionToken);
  if (group.state !== 'open') throw new Refusal('not-open', { id: group.id, state: group.state });
  const pairs = pairUp(assets, said.assets);
  const { contentType: _fixed, contentId: _same, ...facts } = said.facts;
  const files = new Map([[page.id, { ...said, facts }], ...pairs]);
  for (const [uploadToken, file] of files)
    if (isSaid(file)) await changeFile(asker, { ...file, uploadToken, sessionToken: group.id });
  if (said.name !== undefined)
    await host.engine.amendGroup(group.id, {
      metadata: toMetadata({ ...sessionFacts(group.metadata), name: said.name }),
    });
  return needSession(asker, group.id);
};
