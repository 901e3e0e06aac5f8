import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { Component, type ReactNode } from 'react';

interface Props {
  title: string;
  children: ReactNode;
}

/** A room that fails says so in its own tab; the others stay usable. */
export class RoomBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ErrorState
        cause={`${this.props.title} could not be shown: ${error.message}`}
        remedy="Reload the page if this stays: a part of the program may not have arrived."
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}
