namespace Datamodels.Learners;

/// <summary>Chooses the engine for a learner.</summary>
public static class TrainingEngines
{
    /// <summary>The engine that trains by <paramref name="learner"/>.</summary>
    /// <param name="learner">How each model is made.</param>
    /// <param name="threads">Models trained at once, at least 1; 0 takes one for every core.</param>
    /// <param name="messages">Told of what a user's own program has to say; from several threads.</param>
    /// <exception cref="DatamodelException">
    /// The number of threads is negative; there is no such program; the learner is a script, which only the cmdlets can run,
    /// or stands for models that were trained elsewhere.
    /// </exception>
    public static ITrainingEngine For(Learner learner, int threads = 0, IProgress<EngineMessage>? messages = null)
    {
        return learner switch
        {
            NetworkLearner => new CpuEngine(threads),
            ProcessLearner process => ForProgram(process),
            ScriptLearner => throw new DatamodelException(
                "ScriptNeedsPowerShell", ErrorKind.InvalidArgument,
                "The learner is a PowerShell script, which is run by the cmdlets only; start this in PowerShell."),
            ImportedLearner => throw ImportedLearner.NotTrainable(),
            _ => throw new ArgumentException($"There is no engine for {learner}.", nameof(learner)),
        };

        ProcessEngine ForProgram(ProcessLearner process)
        {
            // Now, and not only when a run has been made.
            _ = ProcessEngine.ProgramOf(process);
            return new ProcessEngine(threads, messages);
        }
    }
}
