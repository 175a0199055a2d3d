import { useLocation } from 'react-router';
import { LinkPage } from './LinkPage';
import { tokenOf } from './session';
import { SignInForm } from './SignInForm';

/** Signs in by password, or at once by a one-time link. */
export default function SignInPage() {
  const location = useLocation();
  const token = tokenOf(location, '/signin');
  const byLink = token !== '' || location.pathname.startsWith('/signin/link');
  return byLink ? <LinkPage token={token} /> : <SignInForm />;
}
