import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function ConversationsPage() {
  return <PageHeader title={text.conversations.title} />;
}
