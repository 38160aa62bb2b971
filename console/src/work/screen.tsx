import { go, href, route } from '../app/router.js';
import { Screen } from '../app/screen.js';
import { isAdmin } from '../server/session.js';
import { Tabs } from '../ui/tabs.js';
import { words } from '../words/en.js';
import { Jobs } from './jobs.js';
import { Tasks } from './tasks.js';
import './work.css';

const { work } = words;

type TabName = 'tasks' | 'queue';

/** What becomes of uploads: faxes and conversions, and for who runs the server the queue. */
export const WorkScreen = () => {
  const chosen: TabName = isAdmin() && route.value.rest[0] === 'queue' ? 'queue' : 'tasks';
  return (
    <Screen title={words.navigation.work} lead={work.lead}>
      {isAdmin() ? (
        <Tabs<TabName>
          label={work.tabs}
          tabs={[
            { name: 'tasks', text: work.tasks },
            { name: 'queue', text: work.queue },
          ]}
          chosen={chosen}
          onChoose={(name) => go(href('work', name), { replace: true })}
        >
          {chosen === 'queue' ? <Jobs /> : <Tasks />}
        </Tabs>
      ) : (
        <Tasks />
      )}
    </Screen>
  );
};
