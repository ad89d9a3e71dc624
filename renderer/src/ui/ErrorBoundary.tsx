import { Component, type ReactNode } from 'react';
import { reportOf } from '../bridge/client.ts';
import { ErrorPanel } from './ErrorPanel.tsx';

interface Props {
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A page that breaks takes nothing with it: the rest of the window stays usable. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override readonly state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div className={this.props.className}>
        <ErrorPanel error={reportOf(this.state.error)} onRetry={() => this.setState({ error: null })} />
      </div>
    );
  }
}
