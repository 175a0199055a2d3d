import { PasswordInput, type PasswordInputProps, Progress, Text } from '@mantine/core';
import { text } from '@/text/en';

const t = text.access;

/** The shortest password that the server takes. */
export const shortestPassword = 10;

/** How strong a password is, from 0 (too short) to 4. A guess, to guide. */
export function passwordStrength(password: string): number {
  if (password.length < shortestPassword) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const different = new Set(password).size;
  if (different < 5) return 1;
  return Math.min(4, Math.floor(password.length / 8) + (kinds > 2 ? 1 : 0) + (password.length > 20 ? 1 : 0));
}

const colors = ['red', 'red', 'yellow', 'teal', 'teal'];

/** A field for a password to be set, which says how strong it is. */
export function NewPassword(props: PasswordInputProps & { value: string }) {
  const strength = passwordStrength(props.value);
  return (
    <div>
      <PasswordInput
        label={t.password}
        autoComplete="new-password"
        size="md"
        visibilityToggleButtonProps={{ 'aria-label': t.show, tabIndex: 0 }}
        description={t.passwordHelp}
        {...props}
      />
      {props.value && (
        <>
          <Progress value={strength * 25 || 6} color={colors[strength]} size={4} mt={8} aria-hidden />
          <Text size="xs" c="dimmed" mt={4} aria-live="polite">
            {t.strength[strength]}
          </Text>
        </>
      )}
    </div>
  );
}
