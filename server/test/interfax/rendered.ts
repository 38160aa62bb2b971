import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  openRenderer,
  type RenderedFax,
  type RenderLimits,
  type RenderOrder,
} from '../../src/dialects/interfax/rendering/renderer.js';

/** One document of a type. */
export interface Given {
  readonly type: string;
  readonly bytes: Buffer | string;
}

/** What may be said of how it is rendered; the rest is A4, upright, fine, by threshold, without a header. */
export interface Wishes {
  readonly settings?: Partial<RenderOrder['settings']>;
  readonly header?: RenderOrder['header'];
  readonly limits?: Partial<RenderLimits>;
}

async function* once(bytes: Buffer | string) {
  yield Buffer.from(bytes);
}

/** Renders documents in the built program's process, as the server does, and hands the file to `use`. */
export const render = async <T>(
  documents: readonly Given[],
  use: (fax: RenderedFax) => Promise<T>,
  { settings, header, limits }: Wishes = {},
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  try {
    const renderer = openRenderer({
      folder,
      mostPages: 100,
      time: 120_000,
      memory: 768 * 2 ** 20,
      disk: 512 * 2 ** 20,
      libreOffice: 'soffice',
      ghostscript: 'gs',
      ...limits,
    });
    const order: RenderOrder = {
      name: 'fax',
      documents: documents.map(({ type, bytes }) => ({ type, bytes: once(bytes) })),
      settings: {
        pageSize: 'A4',
        orientation: 'Portrait',
        resolution: 'Fine',
        rendering: 'BlackAndWhite',
        fitToPage: true,
        ...settings,
      },
      header: header ?? { template: '', values: {} },
    };
    return await renderer.render(order, new AbortController().signal, use);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A page of a fax, as libvips reads it: a byte a pixel. */
export interface PageRead {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
  /** The share of black in a rectangle, from 0 to 1. */
  readonly black: (x: number, y: number, width: number, height: number) => number;
}

/** Reads one page of a fax, of a file or of its bytes. */
export const readPage = async (fax: string | Buffer, page = 0): Promise<PageRead> => {
  const { data, info } = await sharp(fax, { page }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return {
    width,
    height,
    data,
    black: (left, top, wide, high) => {
      let sum = 0;
      for (let y = top; y < top + high; y += 1)
        for (let x = left; x < left + wide; x += 1) sum += data[y * width + x] === 0 ? 1 : 0;
      return sum / (wide * high);
    },
  };
};
