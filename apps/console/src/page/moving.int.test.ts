import type { DetectionPayload } from '@vigilia/protocol';
import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { fakeRooms, standing } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const phone = { width: 390, height: 844 };
const frameWidthPx = 1280;

/** A person at a place of the frame that no other room shows. */
const personOf = (id: number): DetectionPayload => ({
  ...standing,
  bbox: { x: 100 + id * 50, y: 360, width: 80, height: 300 },
});

requires('chromium')('going from room to room', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(20));
    house = shown.house;
    for (const id of house.rooms.keys()) {
      await house.seen(id, [personOf(id)]);
    }
    await house.allowSnapshots(true);
    await house.incident({ incident_id: 'inc-12', source_id: 12 });
  });
  afterAll(() => shown?.stop());

  /** The page shows this room and no other, and everything that is pressed is about this room. */
  const expectRoom = async (window: Page, id: number): Promise<void> => {
    const name = `Room ${id} · test`;
    const main = window.locator('main');
    await main.locator(`h1:text-is("${name}")`).waitFor();
    expect(new URL(window.url()).hash).toBe(`#/rooms/${id}`);
    await eventually(async () => expect(await window.title()).toContain(name));
    const outline = main.locator('.frame .box-person');
    await eventually(async () => {
      const x = Number(await outline.getAttribute('x')) / (16 / 9);
      expect(x * frameWidthPx).toBeCloseTo(100 + id * 50 - 40, -1);
    });
    await eventually(async () =>
      expect(await main.locator('[data-picture]').getAttribute('data-picture')).toBe('none'),
    );
    await main.getByRole('button', { name: `Show a snapshot of ${name}` }).click();
    await main.locator('[data-picture="coarse"]').waitFor();
    expect(house.heard.at(-1)).toMatchObject({ command: 'snapshot', params: { source_id: id } });
    if (id === 12) return;
    await main.getByRole('button', { name: `Start a drill in ${name}` }).click();
    await eventually(async () => expect(await main.locator('.confirm').textContent()).toContain(name));
  };

  it('shows the room of the address: through the alarm bar, the list, the search and the back button', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms/4`, phone);
    await expectRoom(window, 4);
    await window.locator('.alarm').getByRole('link', { name: 'Room 12 · test' }).click();
    await expectRoom(window, 12);
    await window.getByRole('link', { name: 'All rooms' }).click();
    await window.locator('.tile[data-room="9"] a').click();
    await expectRoom(window, 9);
    await window.getByRole('link', { name: 'Rooms', exact: true }).click();
    await window.fill('input[type="search"]', 'room 17');
    await window.locator('.tile a').click();
    await expectRoom(window, 17);
    await window.goBack();
    await window.goBack();
    await expectRoom(window, 9);
    await window.evaluate('location.hash = "#/rooms/3"');
    await expectRoom(window, 3);
    await window.goForward();
    expect(shown.browser.errors).toEqual([]);
  });

  it('carries nothing that was asked in one room to another: the drill starts in the room that is shown', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms/5`);
    await window.getByRole('button', { name: 'Start a drill in Room 5 · test' }).click();
    await window.evaluate('location.hash = "#/rooms/6"');
    await window.waitForSelector('h1:text-is("Room 6 · test")');
    await eventually(async () => expect(await window.locator('.confirm').count()).toBe(0));
    await window.getByRole('button', { name: 'Start a drill in Room 6 · test' }).click();
    await window.getByRole('button', { name: 'Yes, start (Room 6 · test)' }).click();
    await eventually(() => expect(house.heard.at(-1)).toMatchObject({ command: 'drill', params: { source_id: 6 } }));
  });

  it.each(['constructor', '__proto__', '012', '-1', '99', '%00', '5.0'])(
    'shows no room at the address of a room that does not exist: %s',
    async (id) => {
      const window = await shown.browser.open(`${shown.url}#/rooms/${id}`);
      await window.waitForSelector('h1:text-is("There is no such room.")');
      await eventually(async () => expect(await window.locator('.frame').count()).toBe(0));
      expect(await window.title()).not.toContain('· test');
      expect(shown.browser.errors).toEqual([]);
    },
  );

  it('leads from "I am on my way" in the bar to the room, with "Helped" in sight and its name in every label', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms/2`, phone);
    await window.fill('.alarm input[name="by"]', 'Ana Ruiz');
    await window.getByRole('button', { name: 'I am on my way (Room 12 · test)' }).click();
    await window.waitForSelector('h1:text-is("Room 12 · test")');
    expect(house.heard.at(-1)).toMatchObject({ command: 'acknowledge', params: { incident_id: 'inc-12' } });
    const helped = window.getByRole('button', { name: 'Helped (Room 12 · test)' });
    await helped.waitFor();
    const box = await helped.boundingBox();
    expect((box?.y ?? phone.height) + (box?.height ?? 0)).toBeLessThan(phone.height - 60);
    await window.waitForSelector('.alarm', { state: 'detached' });
  });

  it('ignores a tap that was meant for the alarm before, and follows the next one', async () => {
    await house.incident({ incident_id: 'inc-7', source_id: 7, person: 'down' });
    const window = await shown.browser.open(`${shown.url}#/rooms/2`, phone);
    await window.waitForSelector('.alarm a:text-is("Room 7 · test")');
    await window.evaluate(`new MutationObserver((_, observer) => {
      const link = document.querySelector('.alarm-text a');
      if (link === null || !link.textContent.includes('Room 8')) return;
      observer.disconnect();
      link.click();
      document.body.dataset.tapped = 'yes';
    }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    const longAgo = new Date(Date.now() - 600_000).toISOString();
    await house.incident({ incident_id: 'inc-8', source_id: 8, person: 'down', opened_at: longAgo });
    await window.waitForSelector('body[data-tapped="yes"]');
    expect(new URL(window.url()).hash).toBe('#/rooms/2');
    await eventually(async () => {
      await window.locator('.alarm').getByRole('link', { name: 'Room 8 · test' }).click();
      expect(new URL(window.url()).hash).toBe('#/rooms/8');
    });
  });
});
