import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Kbd } from './kbd.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'className'> {
  children: ReactNode;
  primary?: boolean;
  ghost?: boolean;
  small?: boolean;
  submit?: boolean;
  /** The key that does the same, printed after the label: `r`, `g r`, `mod+Enter`. */
  keys?: string | undefined;
}

/** A control that acts. Say why in `title` when it is disabled. */
export const Button = ({ children, primary, ghost, small, submit, keys, ...rest }: ButtonProps) => (
  <button
    type={submit ? 'submit' : 'button'}
    className={['btn', primary && 'primary', ghost && 'ghost', small && 'sm'].filter(Boolean).join(' ')}
    {...rest}
  >
    {children}
    {keys !== undefined && <Kbd keys={keys} />}
  </button>
);
