import { go, href, route } from '../app/router.js';
import { Screen } from '../app/screen.js';
import { isAdmin } from '../server/session.js';
import { Choice } from '../ui/field.js';
import { words } from '../words/en.js';
import './files.css';
import { FolderView } from './folder.js';
import { NewestFiles } from './newest.js';

const { files } = words;

/** Finished files: folders for who runs the server, the newest for everybody. */
export const FilesScreen = () => {
  const [kind, id = '0'] = route.value.rest;
  const folders = isAdmin() && kind !== 'newest';
  const choice = isAdmin() && (
    <Choice
      label={files.show}
      bare
      value={folders ? 'folder' : 'newest'}
      options={[
        { value: 'folder', text: files.folders },
        { value: 'newest', text: files.newest },
      ]}
      onChange={(chosen) => go(href('files', chosen))}
    />
  );
  return (
    <Screen title={words.navigation.files} lead={files.lead(!isAdmin())} actions={choice}>
      {folders ? <FolderView id={Number.parseInt(id, 10) || 0} /> : <NewestFiles />}
    </Screen>
  );
};
