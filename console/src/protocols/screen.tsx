import { Screen } from '../app/screen.js';
import { about } from '../server/about.js';
import { Empty } from '../ui/empty.js';
import { words } from '../words/en.js';
import { DialectCard } from './dialect-card.js';
import './protocols.css';

const { protocols } = words;

const jump = (name: string): void => {
  const heading = document.getElementById(`protocol-${name}`);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
};

/** The protocols that are spoken here, with everything needed to point a client at them. */
export const ProtocolsScreen = () => {
  const { dialects } = about.value;
  return (
    <Screen title={words.navigation.protocols} lead={protocols.lead}>
      <p class="soft protocols-who">
        {protocols.who} {protocols.samplesNote}
      </p>
      <nav aria-label={protocols.jump}>
        <ul class="jumps">
          {dialects.map(({ name, title }) => (
            <li key={name}>
              <button type="button" class="button plain" onClick={() => jump(name)}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {dialects.length === 0 ? (
        <div class="card">
          <Empty icon="protocols" title={protocols.none}>
            {protocols.noneHint}
          </Empty>
        </div>
      ) : (
        dialects.map((dialect) => <DialectCard key={dialect.name} dialect={dialect} />)
      )}
    </Screen>
  );
};
