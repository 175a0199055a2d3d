import { notifications } from '@mantine/notifications';
import { ApiError } from '@/api/error';
import { text } from '@/text/en';

/** Tells of something that went wrong and could not be shown in its place. */
export function notifyError(error: unknown) {
  const message = error instanceof Error && error.message ? error.message : text.errors.fallback;
  const hint = error instanceof ApiError && error.message.length < 60 ? text.errors.whatToDo[error.code] : null;
  notifications.show({ color: 'red', message: hint ? `${message} ${hint}` : message, autoClose: 8000 });
}

export function notifyDone(message: string) {
  notifications.show({ message, autoClose: 4000 });
}
