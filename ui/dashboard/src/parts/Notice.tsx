import { Alert, type AlertProps } from '@mantine/core';
import classes from './Notice.module.css';

type Props = Omit<AlertProps, 'color' | 'variant'> & {
  tone?: 'quiet' | 'accent' | 'good' | 'warn' | 'danger';
};

/** Says something important about what is around it; a danger is read out at once. */
export function Notice({ tone = 'quiet', ...props }: Props) {
  return (
    <Alert
      variant="light"
      role={tone === 'danger' ? 'alert' : 'note'}
      classNames={{ root: classes.root, title: classes.title, icon: classes.icon, message: classes.message }}
      data-tone={tone}
      {...props}
    />
  );
}
