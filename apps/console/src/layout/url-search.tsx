import { SearchField } from './search-field.js';
import type { UrlFilter } from './url-filter.js';

/** The filter `q`: what is typed, as soon as typing pauses. */
export function UrlSearch({ filter, placeholder }: { filter: UrlFilter; placeholder: string }) {
  return (
    <SearchField
      value={filter.params.get('q') ?? ''}
      placeholder={placeholder}
      onChange={(text) => filter.set('q', text.trim() === '' ? [] : [text.trim()])}
    />
  );
}
