using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>
/// A user's program while it runs. Threads of their own read its two outputs all the time, so that neither side ever waits
/// for the other to make room; whoever asks waits on a queue and can be cancelled. Disposal kills whatever still runs, with
/// everything that it has started.
/// </summary>
internal sealed class LearnerProcess : IDisposable
{
    // What is told of a program that died: enough for the end of a traceback.
    private const int KeptErrorLines = 10;
    private const int LongestErrorLine = 2000;

    // How long a program may take to end once it is told that there is nothing more to do, and once it has closed one of its
    // ends by itself, which it hardly does without being about to end, or is killed. By the clock, not by counted polls: on a
    // busy machine a poll takes as long as it likes.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_shortGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Action<string> _errorLine;
    private readonly Queue<string> _lastErrors = new();

    // An answer and whatever comes too much; beyond that the program has to wait.
    private readonly BlockingCollection<TextLine> _answers = new(2);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _errorsRead;

    private LearnerProcess(Process process, int longestAnswer, Action<string> errorLine)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _errorLine = errorLine;
        Stream output = process.StandardOutput.BaseStream;
        Stream errors = process.StandardError.BaseStream;
        Background(() => ReadAnswers(output, longestAnswer));
        _errorsRead = Background(() => ReadErrors(errors));
    }

    /// <summary>Number of the process in the operating system.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Full path of the program.</param>
    /// <param name="learner">Its arguments and folder.</param>
    /// <param name="longestAnswer">Bytes of the longest possible answer; of a longer line only so much is taken.</param>
    /// <param name="errorLine">Told each line that it writes to its standard error; may wait, and so make it wait.</param>
    /// <exception cref="DatamodelException">It cannot be started.</exception>
    public static LearnerProcess Start(string program, ProcessLearner learner, int longestAnswer, Action<string> errorLine)
    {
        var start = new ProcessStartInfo(program, learner.Arguments)
        {
            WorkingDirectory = learner.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        try
        {
            return new LearnerProcess(Process.Start(start)!, longestAnswer, errorLine);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new DatamodelException(
                "ProgramNotStarted", ErrorKind.LearnerFailed,
                $"The program '{program}' of the learner cannot be started in '{learner.WorkingDirectory}': "
                + $"{e.Message.TrimEnd('.')}.",
                e);
        }
    }

    /// <summary>Writes a line and waits for the next one.</summary>
    /// <returns>The line, or null where the program has ended, or has closed an end of the conversation.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public TextLine? Ask(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        // Not on this thread: a program that does not read would hold it for good.
        Task written = Background(() => _input.Write(line.Span));
        TextLine? answer = Take(() => written.IsFaulted || _process.HasExited, new Stopwatch(), cancellation);
        if (answer is null or { End: LineEnd.Stream })
        {
            return null;
        }

        Task.WaitAny([written], cancellation);
        return answer;
    }

    /// <summary>Tells the program that there is nothing more to do and gives it a moment to end.</summary>
    /// <returns>A line that it wrote though it was asked for none, or null.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public TextLine? Finish(CancellationToken cancellation)
    {
        CloseInput();
        var waited = Stopwatch.StartNew();
        TextLine? line = Take(() => true, waited, cancellation);
        WaitForExit(s_grace, waited, cancellation);
        return line;
    }

    /// <summary>How the program ended, and what it said last; one that has not ended is given a moment, then killed.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public string Ending(CancellationToken cancellation)
    {
        CloseInput();
        bool byItself = WaitForExit(s_shortGrace, Stopwatch.StartNew(), cancellation);
        Kill();
        _errorsRead.Wait(s_shortGrace, cancellation);
        string ending = byItself
            ? FormattableString.Invariant($"ended with exit code {_process.ExitCode}")
            : "closed its standard input or output without ending";
        lock (_lastErrors)
        {
            return _lastErrors.Count == 0
                ? ending + " and wrote nothing to standard error"
                : $"{ending}; the last it wrote to standard error:{Environment.NewLine}"
                    + string.Join(Environment.NewLine, _lastErrors);
        }
    }

    /// <summary>Its exit code where it has ended by itself, else null.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed.Cancel();
        Kill();
        CloseInput();
        _process.Dispose();
    }

    /// <summary>Runs what blocks on a thread of its own.</summary>
    private static Task Background(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for a line; null where none can come any more.</summary>
    /// <param name="isEnding">Whether the program has ended or should: then it has only the grace left to write a line.</param>
    /// <param name="ending">For how long it has been ending; started when it is.</param>
    /// <param name="cancellation">Stops waiting.</param>
    private TextLine? Take(Func<bool> isEnding, Stopwatch ending, CancellationToken cancellation)
    {
        while (!_answers.IsCompleted && ending.Elapsed < s_grace)
        {
            if (_answers.TryTake(out TextLine? line, (int)s_poll.TotalMilliseconds, cancellation))
            {
                return line;
            }

            // The output can outlive the program: something that it has started may hold it open.
            if (isEnding())
            {
                ending.Start();
            }
        }

        return null;
    }

    private void ReadAnswers(Stream output, int longestAnswer)
    {
        try
        {
            using Stream owned = output;
            var reader = new LineReader(output, longestAnswer);
            while (reader.Read() is TextLine line)
            {
                _answers.Add(line, _disposed.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Killed; nobody waits for an answer.
        }
        finally
        {
            _answers.CompleteAdding();
        }
    }

    private void ReadErrors(Stream errors)
    {
        try
        {
            using Stream owned = errors;
            var reader = new LineReader(errors, LongestErrorLine);
            while (reader.Read() is TextLine line)
            {
                string text = Encoding.UTF8.GetString(line.Bytes).TrimEnd('\r');
                lock (_lastErrors)
                {
                    _lastErrors.Enqueue(text);
                    if (_lastErrors.Count > KeptErrorLines)
                    {
                        _lastErrors.Dequeue();
                    }
                }

                _errorLine(text);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Killed.
        }
    }

    private bool WaitForExit(TimeSpan grace, Stopwatch waited, CancellationToken cancellation)
    {
        while (!_process.WaitForExit(s_poll))
        {
            cancellation.ThrowIfCancellationRequested();
            if (waited.Elapsed >= grace)
            {
                return false;
            }
        }

        return true;
    }

    private void CloseInput()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // The other end is closed already.
        }
    }

    private void Kill()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit(s_shortGrace);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }
}
