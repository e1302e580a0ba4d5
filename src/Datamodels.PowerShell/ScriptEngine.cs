using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Datamodels.Data;
using Datamodels.Learners;
using Shell = System.Management.Automation.PowerShell;

namespace Datamodels.PowerShell;

/// <summary>
/// Has a PowerShell script train the models: several runspaces at once, each with nothing of the user's session in it, so
/// that a run depends on the script's text alone. Results are as reproducible as the script is.
/// </summary>
/// <param name="threads">Runspaces at once, at least 1; 0 takes one for every core.</param>
/// <param name="messages">Told what the script writes to its streams, from several threads.</param>
internal sealed class ScriptEngine(int threads, IProgress<EngineMessage> messages) : ITrainingEngine
{
    private readonly int _threads = ParallelTraining.CountOf(threads);

    /// <inheritdoc/>
    /// <remarks>The number goes up with every change that a script could notice.</remarks>
    public string Name => "script-1";

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">The script failed, or gave something else than outputs.</exception>
    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        if (learner is not ScriptLearner script)
        {
            throw new ArgumentException($"This engine trains by a script, not by {learner}.", nameof(learner));
        }

        string text = script.Validate().Script;
        ExampleSet targets = observation.Targets.Of(data);
        return ParallelTraining.Run(
            _threads, data, tasks, _ => new Trainer(text, data, targets, observation, messages), cancellation);
    }

    /// <summary>A runspace, open from the first task on.</summary>
    private sealed class Trainer(
        string script, TrainingData data, ExampleSet targets, Observation observation, IProgress<EngineMessage> messages)
        : IModelTrainer
    {
        private readonly Lazy<Runspace> _runspace = new(Open, isThreadSafe: false);

        public float[] Train(TrainingTask task, CancellationToken cancellation)
        {
            using Shell shell = Shell.Create();
            shell.Runspace = _runspace.Value;
            shell.AddScript(script, useLocalScope: true)
                .AddArgument(new ScriptTask(data, targets, observation.Output, task));
            Forward(shell, task.Id);
            using CancellationTokenRegistration stopping = cancellation.Register(shell.Stop);
            try
            {
                return Outputs(shell.Invoke(), task.Id);
            }
            catch (Exception e) when (
                cancellation.IsCancellationRequested && e is PipelineStoppedException or InvalidPowerShellStateException)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (RuntimeException e)
            {
                throw new DatamodelException(
                    "ScriptFailed", ErrorKind.LearnerFailed,
                    $"The learner's script failed on model {task.Id}: {e.ErrorRecord.Exception.Message.TrimEnd('.')}."
                    + $"{Environment.NewLine}{e.ErrorRecord.InvocationInfo?.PositionMessage}",
                    e);
            }
        }

        public void Dispose()
        {
            if (_runspace.IsValueCreated)
            {
                _runspace.Value.Dispose();
            }
        }

        private static Runspace Open()
        {
            Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            runspace.Open();

            // An error that is passed over would leave a model that is not what the script says.
            runspace.SessionStateProxy.SetVariable("ErrorActionPreference", ActionPreference.Stop);

            // So would a program that the script starts and that fails.
            runspace.SessionStateProxy.SetVariable("PSNativeCommandUseErrorActionPreference", true);

            // The user's own preference decides what is shown of it.
            runspace.SessionStateProxy.SetVariable("VerbosePreference", ActionPreference.Continue);
            return runspace;
        }

        /// <summary>Passes on what the script writes to its streams.</summary>
        private void Forward(Shell shell, int model)
        {
            void Report(MessageKind kind, object? text) => messages.Report(
                new EngineMessage(kind, string.Create(CultureInfo.InvariantCulture, $"Model {model}: {text}")));
            shell.Streams.Warning.DataAdded += (_, e) => Report(MessageKind.Warning, shell.Streams.Warning[e.Index].Message);
            shell.Streams.Verbose.DataAdded += (_, e) => Report(MessageKind.Verbose, shell.Streams.Verbose[e.Index].Message);
            shell.Streams.Information.DataAdded += (_, e) =>
                Report(MessageKind.Information, shell.Streams.Information[e.Index].MessageData);

            // What a program writes to its standard error, and errors that the script says are none.
            shell.Streams.Error.DataAdded += (_, e) => Report(MessageKind.Information, shell.Streams.Error[e.Index]);
        }

        /// <summary>
        /// What the script gave, in whatever lists: a number for each target, or one for each target and class.
        /// </summary>
        private float[] Outputs(object results, int model)
        {
            var numbers = new List<float>();
            Collect(results, numbers, model);
            int logits = targets.Count * data.ClassCount;
            if (numbers.Count == logits)
            {
                return observation.OutputsOf([.. numbers], targets.Labels);
            }

            bool allLogits = observation.Output == OutputKind.Logits;
            return numbers.Count == targets.Count && !allLogits
                ? [.. numbers]
                : throw Wrong(
                    model,
                    $"gave {numbers.Count} numbers; expected {logits}, a logit for each of {targets.Count} targets and "
                    + $"{data.ClassCount} classes"
                    + (allLogits ? "" : $", or {targets.Count}, the {observation.Output} of each target")
                    + ". Everything that it writes counts: send what is not wanted to $null");
        }

        private static void Collect(object? value, List<float> numbers, int model)
        {
            value = value is PSObject wrapped ? wrapped.BaseObject : value;
            if (value is IEnumerable list and not string)
            {
                foreach (object? item in list)
                {
                    Collect(item, numbers, model);
                }

                return;
            }

            if (Type.GetTypeCode(value?.GetType()) is < TypeCode.SByte or > TypeCode.Decimal)
            {
                throw Wrong(model, $"gave '{value}' ({value?.GetType().Name ?? "null"}), which is not a number");
            }

            float number = Convert.ToSingle(value, CultureInfo.InvariantCulture);
            numbers.Add(float.IsFinite(number)
                ? number
                : throw Wrong(model, FormattableString.Invariant($"gave {value} as number {numbers.Count}; it must be finite")));
        }

        private static DatamodelException Wrong(int model, string what) => new(
            "ScriptOutputWrong", ErrorKind.LearnerFailed,
            string.Create(CultureInfo.InvariantCulture, $"The learner's script, on model {model}, {what}."));
    }
}
