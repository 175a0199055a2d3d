import { Center, Loader } from '@mantine/core';
import { text } from '@/text/en';

export function PageLoading() {
  return (
    <Center h="100%" mih={240} role="status" aria-label={text.common.loading}>
      <Loader />
    </Center>
  );
}
