import './style/tokens.css';
import './style/base.css';
import './style/components.css';
import './style/shell.css';
import './style/uploader.css';
import { render } from 'preact';
import { App } from './app/app.js';
import { followAddress } from './app/router.js';
import { followTheme } from './app/theme.js';
import { runClock } from './server/clock.js';
import { startUploader } from './uploader/instance.js';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for its content');

followTheme();
followAddress();
runClock();
render(<App />, root);
await startUploader();
