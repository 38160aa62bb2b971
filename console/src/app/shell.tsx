import { useEffect, useRef } from 'preact/hooks';
import { connection, listen } from '../server/stream.js';
import { announce } from '../ui/announcer.js';
import { LinkButton } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { words } from '../words/en.js';
import { BarNavigation, SideNavigation } from './navigation.js';
import { go, href, route } from './router.js';
import { Screen } from './screen.js';
import { screens } from './screens.js';

/** Tells when the stream is lost and when it is back; the first connection is no news. */
const useConnectionNews = (): void => {
  const lost = useRef(false);
  const state = connection.value;
  useEffect(() => {
    if (state === 'lost' && !lost.current) announce(words.connection.lost);
    if (state === 'live' && lost.current) announce(words.connection.back);
    if (state !== 'connecting') lost.current = state === 'lost';
  }, [state]);
};

const Unknown = () => (
  <Screen title={words.problems.notFound}>
    <Empty icon="search" title={words.problems.notFoundHint}>
      <LinkButton href={href('upload')}>{words.navigation.upload}</LinkButton>
    </Empty>
  </Screen>
);

const Current = () => {
  const { screen } = route.value;
  const View = screens().find(({ name }) => name === screen)?.view ?? Unknown;
  return <View key={screen} />;
};

/** The page of somebody who is logged in: navigation, and the screen that the address says. */
export const Shell = () => {
  const main = useRef<HTMLElement>(null);
  useEffect(listen, []);
  useConnectionNews();
  const { screen } = route.value;
  useEffect(() => {
    if (screen === '') go(href('upload'), { replace: true });
  }, [screen]);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The part of the address after # says which screen it is.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {words.skip}
      </a>
      <SideNavigation />
      <main id="main" ref={main} tabIndex={-1}>
        {connection.value === 'lost' && (
          <p class="banner">
            <Icon name="warning" />
            <span>
              {words.connection.lost} {words.connection.stale}
            </span>
          </p>
        )}
        {screen !== '' && <Current />}
      </main>
      <BarNavigation />
    </div>
  );
};
