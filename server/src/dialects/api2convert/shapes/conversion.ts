import type { Json } from '../../../kit/json.js';
import type { JobConversion } from '../jobs/job.js';
import { phpMap } from './maps.js';

/** A conversion of a job as clients see it (specs/api2convert.md §6). Its password is never told, and it is delivered nowhere. */
export const conversionShape = (conversion: JobConversion): { [key: string]: Json } => {
  const { download_password: _, ...options } = conversion.options;
  return {
    id: conversion.id,
    target: conversion.target,
    category: conversion.category,
    options: phpMap(options),
    metadata: { ...conversion.metadata },
    output_target: [],
  };
};
