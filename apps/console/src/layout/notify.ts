import { notifications } from '@mantine/notifications';
import { errorText } from './error-notice.js';

/** A short message that goes away by itself. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', withBorder: true });
}

/** An action without a form to show its error in has failed. */
export function notifyError(title: string, error: unknown): void {
  notifications.show({
    title,
    message: errorText(error),
    color: 'red',
    autoClose: 10_000,
    withBorder: true,
    role: 'alert',
  });
}
