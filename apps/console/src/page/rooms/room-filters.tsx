import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import type { RoomChoice } from './shown-rooms.ts';

export interface RoomFiltersProps {
  readonly choice: RoomChoice;
  readonly wards: readonly string[];
  onChoose(choice: RoomChoice): void;
}

/** Which rooms are shown, and how. The choice stays until it is changed. */
export function RoomFilters({ choice, wards, onChoose }: RoomFiltersProps): JSX.Element {
  const { t } = usePage();
  const { ward, attention, compact } = choice;
  return (
    <fieldset class="room-filters">
      <legend class="visually-hidden">{t('rooms.filters')}</legend>
      {wards.length === 0 ? null : (
        <label>
          <span>{t('rooms.ward')}</span>
          <select
            name="ward"
            value={ward !== undefined && wards.includes(ward) ? ward : ''}
            onChange={({ currentTarget: { value } }) =>
              onChoose({ ward: value === '' ? undefined : value, attention, compact })
            }
          >
            <option value="">{t('rooms.all_wards')}</option>
            {wards.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" aria-pressed={attention} onClick={() => onChoose({ ward, attention: !attention, compact })}>
        {t('rooms.attention')}
      </button>
      <button type="button" aria-pressed={compact} onClick={() => onChoose({ ward, attention, compact: !compact })}>
        {t('rooms.compact')}
      </button>
    </fieldset>
  );
}
