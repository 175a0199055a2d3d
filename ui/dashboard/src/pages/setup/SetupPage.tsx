import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function SetupPage() {
  return <PageHeader title={text.access.setUp} />;
}
