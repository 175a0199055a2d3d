import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function JoinPage() {
  return <PageHeader title={text.access.join} />;
}
