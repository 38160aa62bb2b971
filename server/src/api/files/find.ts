import { Refusal } from '../../engine/refusals.js';
import type { Exchange } from '../../http/exchange.js';
import type { File, Version } from '../../services/catalog/catalog.js';
import { newest } from '../../services/catalog/versions.js';
import type { AccountVisit } from '../operation.js';
import { maySee } from '../query.js';

/** The file that the path names by its id. Refuses `no-such-file`, also for somebody else's. */
export const needFile = async ({ host, exchange, caller }: AccountVisit): Promise<File> => {
  const { id = '' } = exchange.params;
  caller.need('view');
  const file = /^\d{1,15}$/.test(id)
    ? await host.ledger.read((facts) => host.catalog.findFile(facts, Number(id)))
    : undefined;
  if (!file || !maySee(caller, file.owner)) throw new Refusal('no-such-file', { id });
  return file;
};

/** The version that the query names by its number, or the last one. Refuses `no-such-file`. */
export const needVersion = (file: File, { query }: Exchange): Version => {
  const number = query.get('version') ?? '';
  const found = number === '' ? newest(file) : file.versions.find((each) => String(each.number) === number);
  if (!found) throw new Refusal('no-such-file', { id: `${file.id}, version ${number}` });
  return found;
};
