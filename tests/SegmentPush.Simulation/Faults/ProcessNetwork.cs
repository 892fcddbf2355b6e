using System.Globalization;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>The way from one process to the instance: takes its time, and loses what the scenario says.</summary>
internal sealed class ProcessNetwork(World world, SimulatedProcess process, Chance chance) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        process.ThrowIfStopped();
        var kind = CallKinds.Of(request);
        int number = process.Count(kind);
        var sent = new SentCall(world.Time.Now, kind, process.Number);
        world.Marketo.Calls.Add(sent);
        var message = await Request.ReadAsync(request).ConfigureAwait(false);
        world.LastCall = message;
        var fault = process.Meet(new Step(kind, number, Moment.Before, 0));
        sent.IsFaulty = fault is not null;
        if (fault?.Kind == FaultKind.NoConnection) throw new HttpRequestException(HttpRequestError.ConnectionError, "No connection.");
        if (fault?.Kind == FaultKind.Refuse) return await RefuseAsync(fault.Code!, cancellationToken).ConfigureAwait(false);

        var answer = new TaskCompletionSource<(Reply Reply, Fault? Fault)>();
        Travel(message, sent, new Step(kind, number, Moment.Executed, 0), fault, answer);
        BreakOff(fault);
        var (reply, later) = await WaitAsync(answer, cancellationToken).ConfigureAwait(false);
        process.ThrowIfStopped();
        if (later?.Kind == FaultKind.LoseAnswer) throw Broken();
        if (later is { Kind: FaultKind.Refuse, Code: { } code }) reply = Refusal(code);
        sent.IsAnswered = later?.Kind is not (FaultKind.CutAnswer or FaultKind.Refuse);
        process.Answered(kind, number);
        return reply.ToMessage(world.Time.Now, later?.Kind == FaultKind.CutAnswer);
    }

    // The call goes its way, also if the process ends meanwhile.
    private void Travel(Request message, SentCall sent, Step executed, Fault? before, TaskCompletionSource<(Reply, Fault?)> answer)
    {
        var late = TimeSpan.FromSeconds(before?.Kind is FaultKind.StopExecuteLater or FaultKind.LoseAnswerExecuteLater ? before.Seconds : 0);
        TimeSpan way = Milliseconds(5, 80), work = Milliseconds(10, 400) + late;
        ArrivedCall? arrived = null;
        After(way, () =>
        {
            arrived = world.Endpoints.Arrive(message);
            (sent.Records, sent.IsProbe) = (arrived.Records, arrived.IsProbe);
        });
        After(way + work, () =>
        {
            var reply = arrived!.Execute();
            sent.IsExecuted = true;
            sent.WasRefused = reply.IsRefusal;
            world.Note($"process {process.Number}: {executed.Call} {executed.Number} of {arrived.Records} is executed");
            Fault? fault;
            try
            {
                fault = process.IsStopped ? null : process.Meet(executed);
                sent.IsFaulty |= fault is not null;
            }
            catch (ProcessStoppedException e)
            {
                sent.IsFaulty = true;
                answer.TrySetException(e);
                return;
            }

            var back = Milliseconds(5, 80) + TimeSpan.FromSeconds(fault?.Kind == FaultKind.Delay ? fault.Seconds : 0);
            After(back, () => answer.TrySetResult((reply, fault)));
        });
    }

    private void BreakOff(Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.StopExecuteLater:
                process.Stop();
                throw new ProcessStoppedException();
            case FaultKind.LoseAnswer or FaultKind.LoseAnswerExecuteLater or FaultKind.CutAnswer:
                throw Broken();
        }
    }

    private async Task<T> WaitAsync<T>(TaskCompletionSource<T> answer, CancellationToken cancellation)
    {
        var forget = process.AtStop(() => answer.TrySetException(new ProcessStoppedException()));
        using var registration = cancellation.Register(() => answer.TrySetCanceled(cancellation));
        try
        {
            return await answer.Task.ConfigureAwait(false);
        }
        finally
        {
            forget();
        }
    }

    private async Task<HttpResponseMessage> RefuseAsync(string code, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<bool>();
        After(Milliseconds(20, 200), () => answer.TrySetResult(true));
        await WaitAsync(answer, cancellation).ConfigureAwait(false);
        return Refusal(code).ToMessage(world.Time.Now, isCut: false);
    }

    private static Reply Refusal(string code) => code.StartsWith("HTTP ", StringComparison.Ordinal)
        ? Reply.Of(new System.Text.Json.Nodes.JsonObject { ["error"] = "unavailable" }, int.Parse(code.AsSpan(5), CultureInfo.InvariantCulture)) with { RetryAfter = code == "HTTP 429" ? 5 : null }
        : Reply.Refuse(code, "Refused by the simulation");

    private static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(least + chance.Below(most - least));

    private void After(TimeSpan time, Action action) => world.Time.CreateTimer(action, time, Timeout.InfiniteTimeSpan);
}
