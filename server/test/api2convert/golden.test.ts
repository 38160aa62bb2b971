import { mirror } from '../../src/dialects/api2convert/conversions/mirror.js';
import { api2convertWith } from '../../src/dialects/api2convert/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

const isJson = (body: string): boolean => /^[[{]/.test(body);

goldens(
  new URL('../../src/dialects/api2convert/golden/', import.meta.url),
  () => serve({ dialect: api2convertWith(() => [mirror]), anonymous: 'alice' }),
  { toLines: (body) => (isJson(body) ? JSON.stringify(JSON.parse(body), null, 1) : body) },
);
