import { isAdmin } from '../server/session.js';
import './accounts.css';
import { AllAccounts } from './all.js';
import { MyAccount } from './mine.js';

/** All accounts for who runs the server, their own for everybody else. */
export const AccountsScreen = () => (isAdmin() ? <AllAccounts /> : <MyAccount />);
