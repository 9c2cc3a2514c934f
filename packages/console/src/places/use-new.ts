import { useSearchParams } from 'react-router';

/** Whether the form for something new is open: it stands in the address, so that other pages can lead to it. */
export function useNew(): readonly [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const [search, setSearch] = useSearchParams();
  const setOpen = (isOpen: boolean): void => {
    const next = new URLSearchParams(search);
    if (isOpen) next.set('new', '1');
    else next.delete('new');
    setSearch(next, { replace: true });
  };
  return [search.has('new'), setOpen];
}
