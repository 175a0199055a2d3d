import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function AssistantsPage() {
  return <PageHeader title={text.assistants.title} />;
}
