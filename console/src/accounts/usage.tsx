import type { Account } from 'longshore/api';
import { Progress } from '../ui/progress.js';
import { words } from '../words/en.js';
import { bytes } from '../words/format.js';

const { accounts } = words;

// From here on somebody should know.
const nearlyFull = 0.9;

/** How much of its quota an account uses, as a bar and in words. */
export const Usage = ({ account }: { readonly account: Account }) => {
  const { name, held, reserved, quota } = account;
  const share = quota === null ? null : Math.min(1, (held + reserved) / Math.max(1, quota));
  const full = share !== null && share >= nearlyFull;
  return (
    <div class="usage">
      {share !== null && <Progress share={share} tone={full ? 'stuck' : 'running'} label={accounts.usageOf(name)} />}
      <p class="small">
        {quota === null ? accounts.usedUnlimited(bytes(held)) : accounts.used(bytes(held), bytes(quota))}
        {full && <strong class="usage-full"> · {accounts.full}</strong>}
        {reserved > 0 && <span class="soft"> · {accounts.reserved(bytes(reserved))}</span>}
      </p>
    </div>
  );
};
