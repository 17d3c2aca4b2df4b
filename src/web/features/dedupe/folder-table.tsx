import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { PathText } from '../../ui/path-text.tsx';
import type { FolderBytes } from './treemap-layout.ts';
import { useLocationNames } from './use-location-names.ts';

const shownAtFirst = 12;
/** As many as the server tells. */
const most = 500;

/** Folders with most bytes first. */
export function FolderTable({ folders }: { readonly folders: readonly FolderBytes[] }) {
  const nameOf = useLocationNames();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? folders : folders.slice(0, shownAtFirst);
  return (
    <section aria-labelledby="by-folder">
      <h2 id="by-folder" className="dedupe-heading">
        By folder
      </h2>
      <div className="panel">
        <table className="table folder-table">
          <thead>
            <tr>
              <th scope="col">Folder</th>
              <th scope="col" className="folder-place">
                Location
              </th>
              <th scope="col" className="number">
                Files
              </th>
              <th scope="col" className="number">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ location, folder, files, bytes }) => (
              <tr key={`${location}:${folder}`}>
                <td data-tip={folder} data-tip-if-cut="">
                  {folder === '' ? (
                    <span className="text-muted">(the location itself)</span>
                  ) : (
                    <PathText path={folder} />
                  )}
                </td>
                <td className="folder-place">{nameOf(location)}</td>
                <td className="number">{formatCount(files)}</td>
                <td className="number" data-tip={formatExactBytes(bytes)}>
                  {formatBytes(bytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {folders.length > shown.length && (
          <div className="table-more">
            <Button onClick={() => setAll(true)}>
              Show all {formatCount(folders.length)}
              {folders.length >= most ? ' with most bytes' : ''}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
