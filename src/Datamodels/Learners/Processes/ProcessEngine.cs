using System.Text;
using Datamodels.Data;
using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>
/// Has a user's program train the models: several processes of it at once, one model each at a time. One that dies is
/// started again; a wrong answer ends the training. Results are as reproducible as the program is.
/// </summary>
/// <param name="processes">Processes at once, at least 1; 0 takes one for every core.</param>
/// <param name="messages">
/// Told, from several threads, each line that a program writes to its standard error, and when one is started again. It may
/// wait, and so make the program wait.
/// </param>
/// <exception cref="DatamodelException">The number of processes is negative.</exception>
public sealed class ProcessEngine(int processes = 0, IProgress<EngineMessage>? messages = null) : ITrainingEngine
{
    // A program that dies on a model so often in a row will not make it.
    private const int MaximumAttempts = 3;

    private const int ShownOfLine = 200;

    /// <summary>Processes at once.</summary>
    public int Processes { get; } = ParallelTraining.CountOf(processes);

    /// <inheritdoc/>
    /// <remarks>The number goes up with every change that a program could notice.</remarks>
    public string Name => "process-1";

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">
    /// There is no such program; it died on the same model time and again, or gave a wrong answer.
    /// </exception>
    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        if (learner is not ProcessLearner process)
        {
            throw new ArgumentException($"This engine trains by a program, not by {learner}.", nameof(learner));
        }

        string program = ProgramOf(process.Validate());
        return Run(data, program, process, observation, observation.Targets.Of(data), tasks, cancellation);
    }

    /// <summary>The full path of a learner's program.</summary>
    /// <exception cref="DatamodelException">There is no such program, or no such working directory.</exception>
    internal static string ProgramOf(ProcessLearner learner)
    {
        if (!Directory.Exists(learner.WorkingDirectory))
        {
            throw new DatamodelException(
                "WorkingDirectoryNotFound", ErrorKind.NotFound,
                $"The folder '{learner.WorkingDirectory}', in which '{learner}' is to be started, does not exist.");
        }

        if (ProgramFinder.Find(learner.Command, learner.WorkingDirectory) is string program)
        {
            return program;
        }

        string file = Path.GetFullPath(learner.Command, learner.WorkingDirectory);
        throw new DatamodelException(
            "ProgramNotFound", ErrorKind.NotFound,
            File.Exists(file)
                ? $"'{file}' is not a program that can be started as '{learner.Command}'. A script is an argument of the program "
                    + "that runs it, such as python3; or give the file's path and make it executable."
                : $"There is no program '{learner.Command}' on PATH, nor, if it is a path, from '{learner.WorkingDirectory}' on; "
                    + "install it, or give its full path.");
    }

    private IEnumerable<TrainingOutput> Run(
        TrainingData data, string program, ProcessLearner learner, Observation observation, ExampleSet targets,
        IEnumerable<TrainingTask> tasks, CancellationToken cancellation)
    {
        using SharedExamples files = SharedExamples.Write(data.Train, targets, cancellation);
        var protocol = new ProcessProtocol(data, observation, targets, files);
        IEnumerable<TrainingOutput> trained = ParallelTraining.Run(
            Processes, data, tasks, number => new Trainer(number, program, learner, protocol, messages), cancellation);
        foreach (TrainingOutput done in trained)
        {
            yield return done;
        }
    }

    /// <summary>One process after the other, the next only where one has ended.</summary>
    private sealed class Trainer(
        int number, string program, ProcessLearner learner, ProcessProtocol protocol, IProgress<EngineMessage>? messages)
        : IModelTrainer
    {
        private readonly string _name = $"{Path.GetFileName(learner.Command)} [{number}]";
        private LearnerProcess? _process;
        private int? _previous;

        public float[] Train(TrainingTask task, CancellationToken cancellation)
        {
            for (int attempt = 1; ; attempt++)
            {
                byte[] request = ProcessProtocol.Request(task);
                if (_process is null)
                {
                    _process = LearnerProcess.Start(program, learner, protocol.LongestAnswer, ErrorLine);
                    _previous = null;
                    request = [.. protocol.Hello, .. request];
                    messages?.Report(new EngineMessage(MessageKind.Verbose, $"{_name} is process {_process.Id}."));
                }

                if (_process.Ask(request, cancellation) is TextLine answer)
                {
                    float[] values = Read(answer, task.Id);
                    _previous = task.Id;
                    return values;
                }

                string ending = _process.Ending(cancellation);
                Dispose();
                if (attempt == MaximumAttempts)
                {
                    throw new DatamodelException(
                        "LearnerProcessDied", ErrorKind.LearnerFailed,
                        $"The program '{learner}' did not train model {task.Id}, {attempt} times in a row: it {ending}");
                }

                messages?.Report(new EngineMessage(
                    MessageKind.Warning, $"{_name} is started again for model {task.Id}: it {ending}"));
            }
        }

        public void Finish(CancellationToken cancellation)
        {
            if (_process?.Finish(cancellation) is TextLine line)
            {
                throw Wrong("of no model", "it was asked for none any more", line, null);
            }

            string? ending = _process?.ExitCode switch
            {
                null when _process is not null => "did not end when its standard input did, and is killed",
                int code and not 0 => FormattableString.Invariant($"ended with exit code {code}"),
                _ => null,
            };
            if (ending is not null)
            {
                messages?.Report(new EngineMessage(MessageKind.Warning, $"{_name} trained its models, but {ending}."));
            }
        }

        public void Dispose()
        {
            _process?.Dispose();
            _process = null;
        }

        private float[] Read(TextLine answer, int model)
        {
            string about = $"on model {model}";
            if (answer.End == LineEnd.Limit)
            {
                throw Wrong(about, "it is too long for an answer", answer, null);
            }

            try
            {
                return protocol.ReadAnswer(answer.Bytes, model, _previous);
            }
            catch (WrongAnswerException e)
            {
                throw Wrong(about, e.Message, answer, e);
            }
        }

        private DatamodelException Wrong(string about, string reason, TextLine line, Exception? inner)
        {
            string shown = Encoding.UTF8.GetString(line.Bytes.AsSpan(0, Math.Min(line.Bytes.Length, ShownOfLine))).TrimEnd('\r');
            return new DatamodelException(
                "LearnerAnswerWrong", ErrorKind.LearnerFailed,
                $"The program '{learner}' gave a wrong answer {about}: {reason}. "
                + $"The line is: {shown}{(line.Bytes.Length > ShownOfLine ? "…" : "")}",
                inner);
        }

        private void ErrorLine(string text) =>
            messages?.Report(new EngineMessage(MessageKind.Information, $"{_name} {text}"));
    }
}
