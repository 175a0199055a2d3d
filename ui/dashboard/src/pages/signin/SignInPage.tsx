import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function SignInPage() {
  return <PageHeader title={text.access.signIn} />;
}
