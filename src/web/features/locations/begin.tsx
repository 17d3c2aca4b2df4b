import { Link } from '@tanstack/react-router';
import { FolderSearch } from 'lucide-react';
import { useLocations } from '../../api/queries.ts';
import { AddLocationForm } from './add-location-form.tsx';

/** The way in while there is nothing to compare: let the program look, or name a folder. */
export function Begin() {
  const isFirst = useLocations().data?.length === 0;
  return (
    <div className="grid w-full gap-4">
      {isFirst && (
        <div>
          <Link to="/first-run" className="button button-primary">
            <FolderSearch size={14} aria-hidden />
            Look on this machine
          </Link>
        </div>
      )}
      <AddLocationForm />
    </div>
  );
}
