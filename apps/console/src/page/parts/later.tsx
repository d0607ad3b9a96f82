import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Returns a component that is loaded when it is first shown: what few people open does not travel to every phone. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props): JSX.Element | null {
    const [Shown, setShown] = useState(() => loaded);
    useEffect(() => {
      if (loaded !== undefined) return;
      void load().then((component) => {
        loaded = component;
        setShown(() => component);
      });
    }, []);
    return Shown === undefined ? null : <Shown {...props} />;
  };
}
