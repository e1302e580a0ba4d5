# Makes an sbatch in a folder, which is then put first on PATH: it notes its arguments, runs the tasks that FAKE_SLURM_TASKS names,
# of those in the array, one after the other as a cluster would, and gives the job the number 4711. FAKE_SLURM_REFUSES has it refuse.
param([Parameter(Mandatory)] [string] $Path)

$null = New-Item $Path -ItemType Directory -Force
Set-Content "$Path/sbatch" -NoNewline (@'
#!/bin/bash
folder=$(dirname "$0")
printf '%s\n' "$@" > "$folder/arguments"
pwd > "$folder/directory"
if [ -n "$FAKE_SLURM_REFUSES" ]; then
    echo "sbatch: error: $FAKE_SLURM_REFUSES" >&2
    exit 1
fi
script=${@: -1}
array=$(sed -n 's/^#SBATCH --array=//p' "$script")
for part in ${array//,/ }; do
    for task in $(seq "${part%-*}" "${part#*-}"); do
        case " $FAKE_SLURM_TASKS " in *" $task "*)
            SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=1 bash "$script" > "$folder/task-$task.log" 2>&1
            echo $? > "$folder/task-$task.code" ;;
        esac
    done
done
echo "4711;cluster"
'@ -replace "`r`n", "`n")
if (-not $IsWindows) { chmod +x "$Path/sbatch" }
$env:PATH = "$Path$([System.IO.Path]::PathSeparator)$env:PATH"
