import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { Component, Fragment, type ReactNode } from 'react';

interface Props {
  title: string;
  children: ReactNode;
}

/** A room that fails says so in its own tab; the others stay usable. */
export class RoomBoundary extends Component<Props, { error: Error | null; tries: number }> {
  override state: { error: Error | null; tries: number } = { error: null, tries: 0 };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error, tries } = this.state;
    if (error === null) return <Fragment key={tries}>{this.props.children}</Fragment>;
    return (
      <ErrorState
        cause={`${this.props.title} could not be shown: ${error.message}`}
        remedy="Reload the page if this stays: a part of the program may not have arrived."
        onRetry={() => this.setState({ error: null, tries: tries + 1 })}
      />
    );
  }
}
