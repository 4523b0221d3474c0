# The scoreboard against a model that keeps every byte apart, and its bounds.
import random

from mnet.tcp.scoreboard import IN_FLIGHT, LOST, SACKED, Scoreboard
from unit.mnet.builders import sane_board


class Model:
    """A scoreboard and, for each byte in flight, [status, time sent, retransmitted]."""

    def __init__(self, limit=1000):
        self.board = Scoreboard(limit)
        self.una = self.top = 0
        self.now = 1000
        self.bytes = {}

    def send(self, n):
        self.board.mark_sent(self.una, self.top, self.now)
        for i in range(n):
            self.bytes[self.top + i] = [IN_FLIGHT, self.now, False]
        self.top += n
        self.board.settle(self.una, self.top)

    def ack(self, una):
        news = sum([self.bytes[i][0] != SACKED for i in range(self.una, una)])
        for i in range(self.una, una):
            del self.bytes[i]
        self.una = una
        assert self.board.advance(una, self.now) == news
        self.check()

    def sack(self, start, end):
        news = 0
        for i in range(start, end):
            news += self.bytes[i][0] != SACKED
            self.bytes[i][0] = SACKED
        assert self.board.sack(start, end, self.now) == news
        self.check()

    def retransmitted(self, start, end):
        for i in range(start, end):
            if self.bytes[i][0] != SACKED:
                self.bytes[i] = [IN_FLIGHT, self.now, True]
        self.board.mark_retransmitted(start, end, self.now)
        self.check()

    def mark_all_lost(self):
        reneged = self.una < self.top and self.bytes[self.una][0] == SACKED
        for each in self.bytes.values():
            if each[0] == IN_FLIGHT or reneged:
                each[0] = LOST
        self.board.mark_all_lost()
        self.check()

    def check(self):
        self.board.settle(self.una, self.top)
        sane_board(self.board)
        at, run = self.una, self.board.first
        while run is not None:
            for i in range(at, run.end):
                fate, sent, again = self.bytes[i]
                assert fate == run.status, (i, fate, run.status)
                assert fate != IN_FLIGHT or (sent, again) == (run.sent, run.retransmitted), i
            at = run.end
            run = run.next
        assert at == self.top or self.una == self.top


def test_scoreboard_agrees_with_a_list_of_bytes():
    for seed in range(30):
        dice = random.Random(seed) if hasattr(random, "Random") else random
        if dice is random:
            random.seed(seed)
        model = Model()
        for _ in range(60):
            model.now += dice.randrange(3)
            a = model.una + dice.randrange(model.top - model.una + 1)
            b = model.una + dice.randrange(model.top - model.una + 1)
            a, b = min(a, b), max(a, b)
            what = dice.randrange(12)
            if what < 4:
                model.send(1 + dice.randrange(30))
            elif what < 8:
                model.sack(a, b)
            elif what < 10:
                model.retransmitted(a, b)
            elif what == 10:
                model.ack(a)
            else:
                model.mark_all_lost()


def test_runs_of_small_sacks_are_bounded():  # SACK panic, CVE-2019-11477 to 11479, BAD-14
    board = Scoreboard(16)
    board.mark_sent(0, 0, 1)
    board.settle(0, 1000)
    for start in range(999, 0, -2):
        board.sack(start, start + 1, 2)
        sane_board(board)
    assert board.count == 16 and board.sacked < 20
    board.mark_all_lost()
    at = 0
    while board.lost:  # and all of it is sent again in the end
        start, end = board.first_lost()
        assert start >= at
        at = min(end, start + 3)
        board.mark_retransmitted(start, at, 3)
        sane_board(board)
    assert board.count <= 32
    assert board.advance(1000, 4) and board.sacked == board.lost == 0


def test_runs_of_new_data_are_bounded():
    board = Scoreboard(16)
    for i in range(100):
        board.mark_sent(0, i, i)
        sane_board(board)
    assert board.count == 8  # the other half is for what is reported
    assert board.last.sent == 99  # too late is safe


def test_run_that_cannot_be_split_is_not_marked_lost_early():
    board = Scoreboard(8)
    board.mark_sent(0, 0, 100)
    board.settle(0, 100)
    board.sack(10, 20, 200)
    board.mark_sent(0, 100, 210)
    board.settle(0, 110)
    for start in (30, 50):
        assert board.sack(start, start + 10, 250) == 10
    assert board.sack(70, 80, 250) == 0 and board.count == 8  # no run is left to record it
    assert board.sack(100, 110, 310) == 10 and board.xmit_ts == 210
    assert board.detect(0, 310) == 0 and board.lost == 30  # the data between the others
    board.mark_retransmitted(0, 10, 310)
    board.advance(10, 410)
    assert board.detect(0, 410) == 0 and board.lost == 60  # nothing more has come of it since then


def test_run_sent_over_a_time_uses_both_ends():
    board = Scoreboard(16)
    board.mark_sent(0, 0, 100, 20)  # until 120
    board.settle(0, 50)
    board.min_rtt = 100
    board.mark_retransmitted(0, 10, 110)
    board.advance(10, 210)
    assert board.xmit_ts == 110 and board.detect(0, 210) == 0 and not board.lost  # its end may be younger
    board.mark_sent(10, 50, 115)  # nothing joins the first one any more
    board.settle(10, 60)
    board.sack(50, 60, 215)
    assert board.detect(0, 215) == 0 and board.lost == 40
    board = Scoreboard(4)
    for now in (100, 110, 120):  # there are no more runs
        board.mark_sent(0, now - 100, now)
    board.settle(0, 30)
    board.sack(20, 30, 220)
    assert (board.xmit_ts, board.rtt) == (110, 110)


def times(model, *sent):
    for now in sent:
        model.now = now
        model.send(10)
    return model.board


def test_data_sent_before_delivered_data_is_lost_after_the_reordering_window():  # RFC8985-2
    model = Model()
    board = times(model, 100, 110, 120, 130)
    model.now = 200
    model.sack(20, 30)
    assert (board.xmit_ts, board.rtt) == (120, 80)
    assert board.detect(25, 200) == 15 and board.lost == 0  # sent at 110: 110 + 80 + 25 - 200
    assert board.detect(25, 205) == 10 and board.lost == 10
    assert board.detect(25, 215) == 0 and board.lost == 20 and board.first_lost() == (0, 20)


def test_lost_retransmission_is_detected():  # RFC8985-2
    model = Model()
    board = times(model, 100, 110)
    model.now = 200
    model.sack(10, 20)
    board.detect(0, 200)
    board.mark_retransmitted(0, 10, 200)
    model.send(10)
    board.sack(20, 30, 300)
    assert board.detect(0, 300) == 0 and not board.lost  # at the same time: which was first is not known
    board.mark_sent(0, 30, 210)
    board.settle(0, 40)
    board.sack(30, 40, 310)
    assert board.detect(0, 310) == 0 and board.lost == 10


def test_ack_faster_than_min_rtt_is_for_the_original_transmission():
    model = Model()
    board = times(model, 100)
    board.min_rtt = 50
    board.mark_retransmitted(0, 10, 200)
    board.advance(10, 230)
    assert board.xmit_ts == 0
    board.mark_sent(10, 10, 300)
    board.settle(10, 20)
    board.mark_retransmitted(10, 20, 400)
    board.advance(20, 450)
    assert (board.xmit_ts, board.rtt) == (400, 50)


def test_reordering_is_noticed():
    model = Model()
    board = times(model, 100, 110)
    board.sack(10, 20, 150)
    assert not board.reordering_seen
    board.advance(20, 155)
    assert board.reordering_seen
    board = times(Model(), 100, 110)
    board.sack(10, 20, 150)
    board.mark_retransmitted(0, 10, 160)
    board.advance(20, 250)
    assert not board.reordering_seen


def test_nothing_is_allocated_in_the_long_run():
    board = Scoreboard(8)
    for i in range(50):
        board.mark_sent(i, i + 3, i)
    spare, n = board.spare, 0
    while spare is not None:
        spare, n = spare.next, n + 1
    assert n + board.count <= 8
