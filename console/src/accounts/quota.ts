/** Units in which people say a quota. */
export const quotaUnits = ['MiB', 'GiB', 'TiB'] as const;
export type QuotaUnit = (typeof quotaUnits)[number];

const sizes: Readonly<Record<QuotaUnit, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** A quota as it is entered. */
export interface QuotaEntry {
  readonly limited: boolean;
  readonly amount: string;
  readonly unit: QuotaUnit;
}

/** A quota in bytes (null: none) as somebody would have entered it. */
export const toEntry = (quota: number | null): QuotaEntry => {
  if (quota === null) return { limited: false, amount: '', unit: 'GiB' };
  const unit = quotaUnits.findLast((each) => quota >= sizes[each]) ?? 'MiB';
  return { limited: true, amount: String(Math.round((quota / sizes[unit]) * 1000) / 1000), unit };
};

/** The quota that was entered, in bytes; null: none; undefined: what was entered is no number greater than 0. */
export const toQuota = ({ limited, amount, unit }: QuotaEntry): number | null | undefined => {
  if (!limited) return null;
  // Both signs stand between whole numbers and the rest, by where people come from.
  const value = Number(amount.trim().replace(',', '.'));
  const bytes = Math.round(value * sizes[unit]);
  return amount.trim() !== '' && bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
};
