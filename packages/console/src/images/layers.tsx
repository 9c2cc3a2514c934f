import { Tag } from 'tdesign-react';
import type { Schemas } from '../service/service.ts';

/** From the object down to the disk: `tar`, `gzip`, `vmdk · streamOptimized`. */
export function Layers({ layers }: { readonly layers: Schemas['PreflightImage']['layers'] }) {
  return (
    <p className="layers">
      {layers.map(({ kind, name, subformat, member }, at) => (
        <Tag key={at} variant="light-outline" theme={kind === 'image' ? 'primary' : 'default'}>
          {[...new Set([name, subformat, member].filter(Boolean))].join(' · ')}
        </Tag>
      ))}
    </p>
  );
}
