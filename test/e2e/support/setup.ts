// Real parts take their time: five minutes for one test at the most.
jest.setTimeout(300_000);
