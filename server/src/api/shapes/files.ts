import * as v from 'valibot';
import { Bytes, Count, Moment, Whole } from './words.js';

export const FileVersion = v.object({
  number: Count,
  size: Bytes,
  digests: v.record(v.string(), v.string()),
  createdAt: Moment,
  by: v.string(),
  upload: v.string(),
});
export type FileVersion = v.InferOutput<typeof FileVersion>;

/** How a browser may show a file; null: not at all. */
export const Preview = v.nullable(v.picklist(['image', 'text', 'audio', 'video']));
export type Preview = v.InferOutput<typeof Preview>;

export const File = v.object({
  id: Whole,
  folder: Whole,
  name: v.string(),
  type: v.string(),
  owner: v.string(),
  dialect: v.string(),
  createdAt: Moment,
  modifiedAt: Moment,
  /** Of the last version. */
  size: Bytes,
  preview: Preview,
  /** The oldest first. */
  versions: v.array(FileVersion),
});
export type File = v.InferOutput<typeof File>;

export const FileDetail = v.object({
  ...File.entries,
  /** Names of the folders it lies in, from the root down. */
  path: v.array(v.string()),
});
export type FileDetail = v.InferOutput<typeof FileDetail>;

export const Files = v.object({
  files: v.array(File),
  /** What `before` is to be for the older ones; null: there are none. */
  next: v.nullable(Whole),
});
export type Files = v.InferOutput<typeof Files>;

const FolderName = v.object({ id: Whole, name: v.string() });

export const Folder = v.object({
  /** 0: what the roots lie in. */
  id: Whole,
  /** The folders it lies in, from the root down, and itself. */
  path: v.array(FolderName),
  folders: v.array(FolderName),
  files: v.array(File),
  /** What `after` is to be for more files; null: there are none. */
  next: v.nullable(v.string()),
});
export type Folder = v.InferOutput<typeof Folder>;
