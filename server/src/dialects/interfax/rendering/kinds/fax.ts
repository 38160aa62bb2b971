import sharp from 'sharp';
import type { Pages } from '../pages.js';

/** Opens a fax that was rendered before, whose pages are drawn as they are: the canvas has to be its page. */
export const openFax = async (path: string): Promise<Pages> => {
  const { pages = 1 } = await sharp(path).metadata();
  return {
    count: pages,
    draw: async (index, { width, height }) => {
      const { data, info } = await sharp(path, { page: index })
        .toColourspace('b-w')
        .extractChannel(0)
        .raw()
        .toBuffer({ resolveWithObject: true });
      if (info.width !== width || info.height !== height) throw new Error(`page ${index + 1} is of another size`);
      return { width, height, data };
    },
  };
};
