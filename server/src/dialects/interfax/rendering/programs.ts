import { findProgram } from '../../../services/programs/find.js';
import { office } from './kinds/office.js';
import { postScript } from './kinds/postscript.js';
import type { PdfMaker } from './pdf-maker.js';

/** Programs that draw what is not drawn here: a name or a path each; empty: not to be used. */
export interface ProgramNames {
  readonly libreOffice: string;
  readonly ghostscript: string;
}

/** A way to draw documents with a program. */
export interface Way {
  readonly maker: PdfMaker;
  /** The program's path; undefined where it is not installed. */
  readonly command: string | undefined;
}

/** The ways with programs, and which of the programs are installed by now. */
export const findWays = ({ libreOffice, ghostscript }: ProgramNames): Promise<Way[]> =>
  Promise.all([
    findProgram(libreOffice).then((command) => ({ maker: office, command })),
    findProgram(ghostscript).then((command) => ({ maker: postScript, command })),
  ]);

/** Types that this installation cannot draw: their programs are not here. */
export const missingTypes = async (names: ProgramNames): Promise<ReadonlySet<string>> =>
  new Set((await findWays(names)).flatMap(({ maker, command }) => (command === undefined ? maker.types : [])));
