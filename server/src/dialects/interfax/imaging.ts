import { createReadStream } from 'node:fs';
import type { Facts } from '../../engine/ports.js';
import type { Upload } from '../../engine/upload.js';
import type { ByteBudget } from '../../kit/budget.js';
import { keyedLock } from '../../kit/lock.js';
import type { Host } from '../dialect.js';
import type { Fax, FaxImage } from './faxes/fax.js';
import type { Faxes } from './faxes/faxes.js';
import { statuses } from './faxes/statuses.js';
import { RenderFailure } from './rendering/failure.js';
import { type Header, namesIn } from './rendering/header.js';
import type { Renderer, RenderOrder } from './rendering/renderer.js';
import { Withdrawn } from './transports/transport.js';

/** ms after which an image that was begun and never finished goes. */
const unfinishedLife = 60 * 60 * 1000;

/** What stands for placeholders that differ between the faxes of a batch. */
const ownValues = ({ recipient, id }: Fax) => ({
  to: recipient.contact === '' ? recipient.number : recipient.contact,
  faxnumber: recipient.number,
  contact: recipient.contact,
  transactionid: String(id),
});

/** The line above each page; the numbers of pages are known to the renderer. */
const headerOf = (fax: Fax): Header => {
  const { settings, owner, submittedAt } = fax;
  const [date = '', time = ''] = new Date(submittedAt).toISOString().split('T');
  const from = settings.csid === '' ? owner : settings.csid;
  const { csid, subject, pageHeader: template } = settings;
  return { template, values: { ...ownValues(fax), from, csid, subject, date, time: time.slice(0, 5) } };
};

const noHeader: Header = { template: '', values: {} };

/** Has each fax of a batch a header of its own? */
const hasOwnHeader = (fax: Fax): boolean =>
  namesIn(fax.settings.pageHeader).some((name) => Object.hasOwn(ownValues(fax), name));

/**
 * Makes the images of faxes: has the documents rendered, once for a whole batch, and keeps the outcome as objects of the store.
 * `slots`: one is held by each fax whose image is being made.
 */
export const imaging = (
  { engine, ledger, clock }: Host,
  faxes: Faxes,
  renderer: Renderer,
  slots: ByteBudget,
): ((fax: Fax, signal: AbortSignal) => Promise<FaxImage>) => {
  const batches = keyedLock();

  /** The fax as it is by now; throws `Withdrawn` where it is over. */
  const need = async (id: number): Promise<Fax> => {
    const fax = await faxes.take(id);
    if (!fax) throw new Withdrawn('the fax is over');
    return fax;
  };

  /** Renders for a fax and keeps the outcome, which `note` makes somebody's. */
  const render = async (
    { id, owner }: Fax,
    order: Omit<RenderOrder, 'name'>,
    signal: AbortSignal,
    note: (facts: Facts, image: FaxImage) => Promise<boolean>,
  ): Promise<void> =>
    renderer.render({ name: String(id), ...order }, signal, async ({ path, size, pages }) => {
      const expiry = { at: clock.now() + unfinishedLife, sliding: null };
      const upload = await engine.open({ dialect: 'interfax', owner, size, expiry, chunkFollows: true });
      const place = { upload: upload.id, offset: 0, keep: 'whole', length: size } as const;
      const staged = await engine.stage(createReadStream(path), place);
      const record = (facts: Facts, { id: object }: Upload) => note(facts, { object, size, pages });
      await engine.accept(staged, { last: true, finish: { record } });
    });

  const documentsOf = ({ documents }: Fax): RenderOrder['documents'] =>
    documents.map(({ object, offset, length, type }) => ({
      type,
      bytes: engine.readObject(object, { start: offset, end: offset + length }),
    }));

  /** The pages of a fax's batch: of those that ask at the same time one has them rendered, the others wait. */
  const pagesOf = (asking: Fax, signal: AbortSignal): Promise<FaxImage> =>
    batches.run(String(asking.parent), async () => {
      const fax = await need(asking.id);
      if (fax.batchPages) return fax.batchPages;
      const { parent, settings } = fax;
      const header = hasOwnHeader(fax) ? noHeader : headerOf(fax);
      try {
        await render(fax, { documents: documentsOf(fax), settings, header }, signal, (facts, pages) =>
          faxes.batchRendered(facts, parent, pages),
        );
      } catch (error) {
        // It would come out the same for all of them.
        if (error instanceof RenderFailure) await faxes.batchFinished(parent, statuses.renderingError);
        throw error;
      }
      const { batchPages } = await need(fax.id);
      if (!batchPages) throw new Error(`the pages of fax batch ${parent} are not on record`);
      return batchPages;
    });

  const make = async (fax: Fax, signal: AbortSignal): Promise<void> => {
    const { id, settings } = fax;
    const note = (facts: Facts, image: FaxImage) => faxes.rendered(facts, id, image);
    if (fax.batchSize === 1)
      return render(fax, { documents: documentsOf(fax), settings, header: headerOf(fax) }, signal, note);
    const pages = await pagesOf(fax, signal);
    if (!hasOwnHeader(fax)) {
      await ledger.transact((facts) => note(facts, pages));
      return;
    }
    // Its pages are upright and of the right size by now: they are taken pixel by pixel, and get the header.
    const drawn = { type: 'tif', bytes: engine.readObject(pages.object, { start: 0, end: pages.size }) };
    const upright = { ...settings, orientation: 'Portrait', fitToPage: true } as const;
    await render(fax, { documents: [drawn], settings: upright, header: headerOf(fax) }, signal, note);
  };

  return async (fax, signal) => {
    await slots.take(1);
    try {
      signal.throwIfAborted();
      await make(fax, signal);
      const { image } = await need(fax.id);
      if (!image) throw new Error(`the image of fax ${fax.id} is not on record`);
      if (!(await faxes.progress(fax.id, statuses.ready))) throw new Withdrawn('the fax is over');
      return image;
    } finally {
      slots.give(1);
    }
  };
};
