import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { PeopleList } from '../../shared/people-view.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import { AddPerson } from './add-person.tsx';
import { loadPeople } from './people-api.ts';
import { peopleTexts } from './people-texts.ts';
import { PersonCard } from './person-card.tsx';
import { usePeopleApi } from './use-people-api.ts';

/** Every account of the page, for administrators. */
export function PeopleView(): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const [people, setPeople] = useState<PeopleList>();
  const [trouble, setTrouble] = useState('');
  const load = useCallback((): void => {
    loadPeople(api).then(
      (found) => {
        setPeople(found);
        setTrouble('');
      },
      (error: unknown) => setTrouble(errorText(language, error)),
    );
  }, [api, language]);
  useEffect(load, [load]);
  const { people: shown = [], wards = [] } = people ?? {};
  return (
    <section class="people" aria-labelledby="people-title">
      <div class="view-head">
        <h1 id="people-title">{texts.title}</h1>
      </div>
      <p role="status" class="trouble">
        {trouble}
      </p>
      {people === undefined && trouble === '' ? <p class="empty">{texts.loading}</p> : null}
      {people === undefined ? null : <AddPerson wards={wards} onChanged={load} />}
      <ul class="cards">
        {shown.map((person) => (
          <PersonCard
            key={`${person.name} ${person.role} ${person.wards?.join() ?? ''} ${person.blocked}`}
            person={person}
            wards={wards}
            onChanged={load}
          />
        ))}
      </ul>
    </section>
  );
}
