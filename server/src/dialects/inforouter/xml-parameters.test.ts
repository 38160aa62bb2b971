import { expect, test } from 'vitest';
import { readXmlParameters } from './xml-parameters.js';

const read = (...pairs: [string, string][]) =>
  readXmlParameters(`<p>${pairs.map(([key, value]) => `<i NAME="${key}" VALUE="${value}"/>`).join('')}</p>`);

test.each([
  '<xmlparameters><item NAME="DESCRIPTION" VALUE="Q1 &amp; Q2"/><item NAME="CHECKOUT" VALUE="on"/></xmlparameters>',
  '<parameters><parameter key="Description">Q1 &amp; Q2</parameter><parameter key="checkOut">YES</parameter></parameters>',
  '<?xml version="1.0"?>\n<parameters><parameter Name="description" Value="Q1 &amp; Q2"/><x Name="CHECKOUT" Value="1"/></parameters>',
])('all published spellings are read: %s', async (text) => {
  expect(await readXmlParameters(text)).toEqual({ description: 'Q1 & Q2', checkout: true });
});

test('nothing means nothing, and so does what nobody knows', async () => {
  for (const text of [
    '',
    '  ',
    '<parameters />',
    '<p><i NAME="COLOUR" VALUE="red"/><i/>words</p>',
    '<p><i NAME="CHECKOUT" VALUE=""/></p>',
  ])
    expect(await readXmlParameters(text)).toEqual({});
});

test('every key', async () => {
  const all = await read(
    ['TEXTONLYCONTENT', 'text'],
    ['DESCRIPTION', ''],
    ['KEYWORDS', 'a b,c'],
    ['VERSIONCOMMENT', 'why'],
    ['CHECKOUT', 'n'],
    ['PUBLISHOPTION', 'DoNotPublish'],
    ['SENDEMAILS', 'FALSE'],
    ['CREATIONDATE', '2026-01-31'],
    ['MODIFICATIONDATE', '2026-01-31T14:35:00+01:00'],
    ['MPVERSIONMAJOR', '2'],
    ['MPVERSIONMINOR', '1'],
    ['MPVERSIONREVISION', '3'],
  );
  expect(all).toEqual({
    textOnlyContent: 'text',
    description: '',
    keywords: 'a b,c',
    comment: 'why',
    checkout: false,
    publish: 'DontPublish',
    creationDate: Date.UTC(2026, 0, 31),
    modificationDate: Date.UTC(2026, 0, 31, 13, 35),
    manualVersion: 2_001_003,
  });
});

test.each([
  ['CHECKOUT', 'maybe'],
  ['SENDEMAILS', 'maybe'],
  ['PUBLISHOPTION', 'Later'],
  ['CREATIONDATE', '31.1.2026'],
  ['MODIFICATIONDATE', '2026-13-01'],
  ['MPVERSIONMAJOR', '2401'],
  ['MPVERSIONMAJOR', '-1'],
  ['MPVERSIONMINOR', 'x'],
] as [string, string][])('a bad value is refused: %s=%s', async (key, value) => {
  await expect(read([key, value])).rejects.toMatchObject({
    name: 'Problem',
    errorCode: 4000,
    message: expect.stringContaining(key.slice(0, 9)),
  });
});

test('what is not XML, or more than XML, is refused', async () => {
  for (const text of ['<p', '<p><i></p>', '{}', '<!DOCTYPE p [<!ENTITY e "x">]><p>&e;</p>', '<p/><p/>'])
    await expect(readXmlParameters(text)).rejects.toMatchObject({ errorCode: 4000 });
});
