/** Says when something has come far enough to be worth telling: once at each quarter, and once at the end. */
export interface Milestones {
  /** The quarter (25, 50, 75, 100) that was reached since the last time; null: none. */
  reached(share: number): 25 | 50 | 75 | 100 | null;
  /** More is to be done than before: the quarters ahead are told again. */
  restart(share: number): void;
}

const quarters = [100, 75, 50, 25] as const;
const quarterOf = (share: number): 0 | 25 | 50 | 75 | 100 => quarters.find((each) => share * 100 >= each) ?? 0;

export const openMilestones = (): Milestones => {
  let told = 0;
  return {
    reached: (share) => {
      const quarter = quarterOf(share);
      if (quarter <= told || quarter === 0) return null;
      told = quarter;
      return quarter;
    },
    restart: (share) => {
      told = quarterOf(share);
    },
  };
};
